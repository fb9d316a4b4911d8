// A column's comment ↔ the property that the column is for: kept in the table wherever the column's name alone does not tell.
import { isNameOf } from './column-names.ts';

type Path = readonly string[];

/** MySQL holds the comments of Hive's metastore in VARCHAR(256), and an ALTER TABLE with more of them fails. */
const maxCommentLength = 255;

/**
 * For people, and for `sourceIn`: `Property "Name" of the stream`, `Property "address"."city" of the stream`.
 * @returns undefined where the name is the property's own, and where the path is too long for a comment: such columns
 * are found by their names.
 */
export function sourceComment(path: Path, name: string): string | undefined {
  if (path.length === 1 && path[0] === name) return undefined;
  const comment = `Property ${path.map((part) => JSON.stringify(part)).join('.')} of the stream`;
  return comment.length > maxCommentLength ? undefined : comment;
}

/**
 * @param name of the column that has the comment. One that the property can't have (a dated one, or one that a person has
 * given to the column) says that the column no longer is the property's.
 * @returns undefined for any comment that `sourceComment` has not written.
 */
export function sourceIn(comment: string, name: string): Path | undefined {
  const [, quoted] = /^Property ("(?:[^"\\]|\\.)*"(?:\."(?:[^"\\]|\\.)*")*) of the stream$/su.exec(comment) ?? [];
  const path = quoted === undefined ? undefined : readPath(quoted);
  return path !== undefined && sourceComment(path, name) === comment && isNameOf(name, path) ? path : undefined;
}

function readPath(quoted: string): Path | undefined {
  const parts = quoted.match(/"(?:[^"\\]|\\.)*"/gsu) ?? [];
  try {
    return parts.map((part) => String(JSON.parse(part)));
  } catch {
    return undefined;
  }
}
