import type { HeadSummary } from './head-summary.ts';
import { resolveHeads } from './head-summary.ts';
import { fitsQuery, writeQuestion, type Question } from './question.ts';

export interface Snippets {
  readonly curl: string;
  readonly javascript: string;
  readonly python: string;
}

/** Pictures are shrunk to this many pixels before they are sent: the model looks at far fewer. */
export const MAX_SENT_PIXELS = 2_000_000;

/**
 * The question as code to copy, against the function itself.
 * @param clipUrl absolute URL of the function `clip`
 */
export function snippetsFor(question: Question, heads: readonly HeadSummary[], clipUrl: string): Snippets {
  const asked =
    question.labels.length > 0 ? question : { ...question, heads: resolveHeads(question.heads, heads) };
  // Labels that a query cannot carry go as form fields, one each.
  if (!fitsQuery(asked)) return formSnippets(asked, clipUrl);
  const query = writeQuestion(asked).toString();
  const url = query === '' ? clipUrl : `${clipUrl}?${query}`;
  return { curl: `curl --data-binary @photo.jpg \\\n  ${shellQuote(url)}`, ...programs(url) };
}

function formSnippets(question: Question, clipUrl: string): Snippets {
  const query = writeQuestion({ ...question, labels: [], template: '' }).toString();
  const url = query === '' ? clipUrl : `${clipUrl}?${query}`;
  const fields = [
    ...question.labels.map((label) => `labels=${label}`),
    ...(question.template === '' ? [] : [`template=${question.template}`]),
  ];
  const curl = [
    'curl',
    ...fields.map((field) => `--form-string ${shellQuote(field)}`),
    '-F image=@photo.jpg',
  ];
  return { curl: [...curl, shellQuote(url)].join(' \\\n  '), ...programs(url, question) };
}

function programs(url: string, form?: Question): { javascript: string; python: string } {
  return { javascript: javascript(url, form), python: python(url, form) };
}

function javascript(url: string, form: Question | undefined): string {
  return `// In a browser. Pictures over ${MAX_SENT_PIXELS / 1e6} megapixels are shrunk first: the answer is the same, the upload short.
async function classify(file) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, Math.sqrt(${MAX_SENT_PIXELS} / (picture.width * picture.height)));
  let body = file;
  if (scale < 1) {
    const canvas = new OffscreenCanvas(Math.round(picture.width * scale), Math.round(picture.height * scale));
    const context = canvas.getContext('2d');
    // Transparent parts become white, as the service has them.
    context.fillStyle = 'white';
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    body = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
  }
${form === undefined ? '' : javascriptForm(form)}  const response = await fetch(${JSON.stringify(url)}, { method: 'POST', body });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.detail);
  return answer;
}
`;
}

function javascriptForm(question: Question): string {
  return `  const form = new FormData();
  for (const label of ${JSON.stringify(question.labels)}) form.append('labels', label);
${question.template === '' ? '' : `  form.append('template', ${JSON.stringify(question.template)});\n`}  form.append('image', body);
  body = form;
`;
}

function python(url: string, form: Question | undefined): string {
  const send =
    form === undefined
      ? `requests.post(${pythonText(url)}, data=body, timeout=30)`
      : `requests.post(${pythonText(url)}, data=${pythonFields(form)}, files={"image": body}, timeout=30)`;
  return `# pip install pillow requests
import io
import requests
from PIL import Image, ImageOps

picture = ImageOps.exif_transpose(Image.open("photo.jpg")).convert("RGBA")
# Transparent parts become white, as the service has them.
white = Image.new("RGBA", picture.size, "white")
picture = Image.alpha_composite(white, picture).convert("RGB")
scale = min(1, (${MAX_SENT_PIXELS} / (picture.width * picture.height)) ** 0.5)
picture = picture.resize((max(1, round(picture.width * scale)), max(1, round(picture.height * scale))))
body = io.BytesIO()
picture.save(body, "JPEG", quality=90)
body.seek(0)

response = ${send}
answer = response.json()
print(answer if response.ok else answer["detail"])
`;
}

function pythonFields(question: Question): string {
  const template = question.template === '' ? '' : `, "template": ${pythonText(question.template)}`;
  return `{"labels": [${question.labels.map(pythonText).join(', ')}]${template}}`;
}

/** JSON's escapes are Python's too. */
function pythonText(text: string): string {
  return JSON.stringify(text);
}

function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
