import { adviceFor } from './advice.ts';
import { count, sizeLimit } from './figures.ts';

/** A problem as the API tells it: precise, for programs, in the names of fields and formats. */
export interface ToldProblem {
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly errors?: readonly { readonly message: string }[];
}

/** The same for a person: what happened, and what to do. */
export interface PlainProblem {
  readonly title: string;
  readonly detail: string;
  /** Empty where the detail says it all. */
  readonly advice: string;
}

interface Rule {
  readonly pattern: RegExp;
  /** @param groups what the pattern's brackets caught */
  readonly say: (...groups: readonly string[]) => Partial<PlainProblem> & { readonly detail: string };
}

const NO_PICTURE = 'This is no picture that can be read';
const DAMAGED = 'The picture cannot be opened';
const TOO_LARGE = 'The picture is too large';

/** How messages of the API are said on the page; the first that fits counts. Those that fit none are words already. */
const RULES: readonly Rule[] = [
  // The file
  {
    pattern: /for `image` but received heic\b/,
    say: () => ({
      title: NO_PICTURE,
      detail: 'It is a HEIC photo, the kind that iPhones take.',
      advice:
        'Save it as JPEG and send that. For the next ones, choose “Most Compatible” in the camera’s settings.',
    }),
  },
  {
    pattern: /for `image` but received svg\b/,
    say: () => ({
      title: NO_PICTURE,
      detail: 'It is an SVG, a drawing made of lines.',
      advice: 'Save it as PNG and send that.',
    }),
  },
  {
    pattern: /for `image` but received something else/,
    say: () => ({
      title: NO_PICTURE,
      detail: 'The file is none of JPEG, PNG, WebP, GIF, AVIF, TIFF or BMP.',
      advice: 'Choose a photo. If it is a picture of a rarer kind, save it as JPEG or PNG first.',
    }),
  },
  {
    pattern: /at most (\d+) pixels for `image` but received (\d+ × \d+)/,
    say: (most, size) => ({
      title: TOO_LARGE,
      detail: `It has ${size} pixels; up to ${count(Number(most) / 1e6)} million can be looked at.`,
      advice: 'Make it smaller and send that.',
    }),
  },
  {
    pattern: /decoded within .* for `image`/,
    say: () => ({ title: DAMAGED, detail: 'Unpacking it takes too long.' }),
  },
  {
    pattern: /Save it as PNG\.$/,
    say: () => ({
      title: DAMAGED,
      detail: 'It is a BMP of a rare kind.',
      advice: 'Save it as PNG and send that.',
    }),
  },
  {
    pattern:
      /that cannot be: .*(?:premature|truncated|unexpected end|end of (?:file|stream|image)|not enough)/i,
    say: () => ({
      title: DAMAGED,
      detail: 'It breaks off: a part of the file is missing.',
      advice: 'It may not have been downloaded or copied to its end. Get it once more, and send that.',
    }),
  },
  {
    pattern: /^Expected a \w+ (?:that can be decoded|with a size) for `image`/,
    say: () => ({ title: DAMAGED, detail: 'The file is damaged.' }),
  },
  {
    pattern: /^Expected at most (\d+) bytes for (?:a file|an image)/,
    say: (most) => ({ title: TOO_LARGE, detail: `Up to ${sizeLimit(Number(most))} can be sent.` }),
  },
  {
    pattern: /^Expected at most (\d+) bytes for the request/,
    say: (most) => ({
      title: TOO_LARGE,
      detail: `Up to ${sizeLimit(Number(most))} can be sent at once, picture and words together.`,
    }),
  },
  {
    pattern: /^Expected (?:a picture|an image) .* but received (?:none|nothing)\./,
    say: () => ({ title: 'There is no picture yet', detail: 'Choose one first.', advice: '' }),
  },
  {
    pattern: /^Expected one picture for `image`/,
    say: () => ({
      title: 'These are several pictures',
      detail: 'Send them one by one.',
      advice: '',
    }),
  },

  // The words
  {
    pattern: /^Expected words for `labels`/,
    say: () => ({ detail: 'There are no words to look for. Write a few, one a line.', advice: '' }),
  },
  {
    pattern: /^Expected 1 to (\d+) labels for `labels` but received (\d+)/,
    say: (most, received) => ({ detail: `Up to ${most} words can be asked; these are ${received}.` }),
  },
  {
    pattern: /^Expected printable texts of 1 to (\d+) characters for `labels` but received (".*")\./,
    say: (most, word) => ({
      detail: `${quoted(word)} cannot be asked. A word has up to ${most} characters that can be seen.`,
    }),
  },
  {
    pattern: /^Expected labels that differ for `labels` but received (".*") twice/,
    say: (word) => ({ detail: `${quoted(word)} stands there twice. Write each word once.` }),
  },
  {
    pattern: /^Expected `head` or `labels` but received both/,
    say: () => ({ detail: 'Choose either a list of labels or words of your own, not both.' }),
  },
  {
    pattern: /^Expected `labels` beside `template`/,
    say: () => ({ detail: 'There is a sentence around each word, but no word.' }),
  },
  {
    pattern: /characters with one \{\} for `template`/,
    say: () => ({
      detail:
        'The sentence around each word needs {} once, where the word goes, and has up to 200 characters.',
    }),
  },

  // The other choices
  {
    pattern: /^Expected a whole number from 1 to (\d+) for `top` but received (".*")\./,
    say: (most, received) => ({
      detail: `The number of answers goes from 1 to ${count(Number(most))}; ${quoted(received)} is none of these.`,
    }),
  },
  {
    pattern: /^Expected at most (\d+) heads for `head`/,
    say: (most) => ({ detail: `Up to ${most} lists of labels can be asked at once.` }),
  },
  {
    pattern: /for `model` but received (".*")\./,
    say: (received) => ({
      title: 'There is no such model',
      detail: `The question names the model ${quoted(received)}, which this service does not have.`,
      advice: 'Open this page anew without the link, and ask one of its own models.',
    }),
  },
  {
    pattern: /^Expected one of .* for `head` but received (".*")\./,
    say: (received) => ({
      title: 'There is no such list of labels',
      detail: `The question names the list ${quoted(received)}, which this service does not have.`,
      advice: 'Choose one of the lists on the first page.',
    }),
  },
  {
    pattern: /^Expected the id of a head for `head` but received (".*")\./,
    say: (received) => ({ detail: `${quoted(received)} is no name of a list of labels.` }),
  },
  {
    pattern: /^Expected one value for [`"](\w+)[`"] but received (.*)\.$/,
    say: (field, received) => ({
      detail: `The question says two things for “${field}”: ${received}. Leave one out.`,
    }),
  },
  {
    pattern: /^Expected one of .* as an option but received (".*")\./,
    say: (received) => ({ detail: `The question has a part that is not known: ${quoted(received)}.` }),
  },

  // Teaching
  {
    pattern: /^Expected a token for this route but received none/,
    say: () => ({ detail: 'The token is needed for that. Whoever runs this service has it.' }),
  },
  {
    pattern: /^Expected this service's token but received another one/,
    say: () => ({ detail: 'That is not the token of this service, or no longer. Type it again.' }),
  },

  // The service
  {
    pattern:
      /^Expected (?:at most \d+ pictures at once|fewer than \d+ texts waiting)|^There is too much to do|^Waited .* for a turn/,
    say: () => ({
      detail: 'There is more to look at than the service can take just now. Wait a moment and send it again.',
    }),
  },
  {
    pattern: /^Other models are in use/,
    say: () => ({
      detail: 'Other models are in use just now. Wait a moment and send it again, or ask the default one.',
    }),
  },
  {
    pattern: /^Expected (?:a page|a file) of this (?:service|page) but received (".*")\./,
    say: (path) => ({ title: 'There is no such page', detail: `Nothing stands at ${quoted(path)}.` }),
  },
  {
    pattern: /^Expected POST for this route/,
    say: () => ({
      title: 'Send a picture first',
      detail: 'At this address pictures are answered, and none came.',
    }),
  },
  {
    pattern: /^Expected .* for this route but received/,
    say: () => ({ title: 'This page can only be read', detail: 'Nothing can be sent to it.' }),
  },
  {
    pattern: /multipart form|multipart\/form-data|form fields?\b|\bparts but\b|\bfiles but\b/,
    say: () => ({ detail: 'The form did not arrive as it was filled in.' }),
  },
];

const TITLES: Readonly<Record<string, string>> = {
  'bad-request': 'That cannot be asked like this',
  'body-too-large': TOO_LARGE,
  'unsupported-image': NO_PICTURE,
  'undecodable-image': DAMAGED,
};

/**
 * Says a problem in a person's words. Programs read the problem itself, which stays as it is.
 *
 * @example
 * inPlainWords({ code: 'unsupported-image', title: '…', detail: 'Expected … for `image` but received heic.' }).detail
 * // 'It is a HEIC photo, the kind that iPhones take.'
 */
export function inPlainWords(problem: ToldProblem): PlainProblem {
  const messages = (problem.errors ?? []).map(({ message }) => message);
  const said = (messages.length > 0 ? messages : [problem.detail]).map(say);
  const [first] = said;
  return {
    title: first?.title ?? TITLES[problem.code] ?? problem.title,
    detail: said.map(({ detail }) => detail).join(' '),
    advice: first?.advice ?? adviceFor(problem.code),
  };
}

function say(message: string): ReturnType<Rule['say']> {
  for (const { pattern, say: words } of RULES) {
    const match = pattern.exec(message);
    if (match !== null) return words(...match.slice(1));
  }
  return { detail: message.replaceAll('`', '') };
}

/** What the API quotes as JSON does, in a text's own quotation marks. */
function quoted(json = ''): string {
  try {
    return `“${String(JSON.parse(json))}”`;
  } catch {
    return json;
  }
}
