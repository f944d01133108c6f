import { UserError } from '../command/user-error.ts';

/** A row by its column's name, in lower case; empty cells are absent. */
export type CsvRow = Readonly<Record<string, string | undefined>>;

/**
 * Reads a table with a header line (RFC 4180): commas, quotes around what has commas or line ends, quotes doubled.
 * @throws UserError naming the line that has another number of cells than the header, or a quote that is not closed
 */
export function parseCsv(text: string): readonly CsvRow[] {
  const [header, ...lines] = splitCells(text.replace(/^\uFEFF/, ''));
  if (header === undefined) throw new UserError('Expected a table with a header line but received nothing.');
  const columns = header.map((column) => column.trim().toLowerCase());
  return lines.map((cells, index) => {
    if (cells.length !== columns.length) {
      const message = `Expected ${columns.length} cells in row ${index + 2} but received ${cells.length}.`;
      throw new UserError(message);
    }
    return Object.fromEntries(
      columns.flatMap((column, at) => {
        const cell = cells[at]?.trim() ?? '';
        return cell === '' ? [] : [[column, cell]];
      }),
    );
  });
}

/** Rows of cells; lines that are blank do not count. */
function splitCells(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let isQuoted = false;
  const endCell = () => {
    row.push(cell);
    cell = '';
  };
  const endRow = () => {
    endCell();
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
  };
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? '';
    if (isQuoted) {
      if (character !== '"') cell += character;
      else if (text[at + 1] === '"') cell += text[++at] ?? '';
      else isQuoted = false;
    } else if (character === '"' && cell === '') isQuoted = true;
    else if (character === ',') endCell();
    else if (character === '\n') endRow();
    else if (character !== '\r') cell += character;
  }
  if (isQuoted) throw new UserError('Expected a closing quote in the table but received its end.');
  endRow();
  return rows;
}
