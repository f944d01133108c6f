import type { HeadDefinition, HeadLabel } from './head.ts';
import { JsonReader, type TextRule } from './json-reader.ts';
import { isTemplate, MAX_TEMPLATES } from './prompts.ts';

export const HEAD_ID: TextRule = {
  pattern: /^[a-z0-9-]{1,40}$/,
  expected: 'a text of [a-z0-9-], 1 to 40 characters,',
};

const LABEL: TextRule = {
  pattern: /^(?!\s)[^\p{Cc}]{1,200}(?<!\s)$/u,
  expected: 'a printable text of 1 to 200 characters without blanks around it',
};
const WNID: TextRule = { pattern: /^n\d{8}$/, expected: 'n and eight digits' };
/** ImageNet has 1,000 and ImageNet-21k 21,843: room for any list of words that people keep. */
const MAX_LABELS = 30_000;
const MAX_PROMPTS = 16;

/**
 * Reads `models/heads/<id>.json`: `{ id, title, templates: ["a photo of a {}."], labels: ["wolf", { label, prompts }] }`.
 * @param name the file's name, for messages
 * @throws FormatError naming every field that is wrong; a label that stands twice is one
 */
export function parseHeadDefinition(json: unknown, name: string): HeadDefinition {
  const read = new JsonReader(name);
  const members = read.object(json, name);
  const definition: HeadDefinition = {
    id: read.text(members.id, 'id', HEAD_ID),
    title: read.text(members.title, 'title'),
    templates: read
      .list(members.templates, 'templates', { min: 1, max: MAX_TEMPLATES })
      .map((template, index) => readTemplate(read, template, `templates[${index}]`)),
    labels: read
      .list(members.labels, 'labels', { min: 1, max: MAX_LABELS })
      .map((label, index) => readHeadLabel(read, label, `labels[${index}]`)),
  };
  const seen = new Set<string>();
  for (const [index, { label }] of definition.labels.entries()) {
    if (label !== '' && seen.has(label)) read.reject(`labels[${index}]`, 'a label that stands once', label);
    seen.add(label);
  }
  read.check();
  return definition;
}

/** One label, as heads and head files hold it. */
export function parseLabel(read: JsonReader, value: unknown, field: string): string {
  return read.text(value, field, LABEL);
}

function readHeadLabel(read: JsonReader, value: unknown, field: string): HeadLabel {
  if (typeof value === 'string') return { label: parseLabel(read, value, field) };
  const members = read.object(value, field);
  const label = parseLabel(read, members.label, `${field}.label`);
  const { prompts, wnid, index } = members;
  return {
    label,
    ...(prompts !== undefined && {
      prompts: read
        .list(prompts, `${field}.prompts`, { min: 1, max: MAX_PROMPTS })
        .map((prompt, at) => read.text(prompt, `${field}.prompts[${at}]`, LABEL)),
    }),
    ...(wnid !== undefined && { wnid: read.text(wnid, `${field}.wnid`, WNID) }),
    ...(index !== undefined && {
      index: read.number(index, `${field}.index`, { min: 0, max: MAX_LABELS, integer: true }),
    }),
  };
}

function readTemplate(read: JsonReader, value: unknown, field: string): string {
  const text = read.text(value, field);
  if (text !== '' && !isTemplate(text)) read.reject(field, 'a text with one {}', text);
  return text;
}
