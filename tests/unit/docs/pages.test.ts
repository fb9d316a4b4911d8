// README.md and the pages of docs/: links lead somewhere, also within the package, and the README stays short.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../../..');
const pages = [
  'README.md',
  'SECURITY.md',
  'CHANGELOG.md',
  ...readdirSync(join(ROOT, 'docs')).filter(isPage).map(inDocs),
  ...readdirSync(join(ROOT, 'docs/decisions')).filter(isPage).map(inDecisions),
];
const { files: packed } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { files: string[] };

function isPage(name: string): boolean {
  return name.endsWith('.md');
}

function inDocs(name: string): string {
  return `docs/${name}`;
}

function inDecisions(name: string): string {
  return `docs/decisions/${name}`;
}

const textOf = (page: string) => readFileSync(join(ROOT, page), 'utf8').replaceAll(/^```.*?^```/gms, '');

/** As GitHub makes it of a heading. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\- _]/gu, '')
    .replaceAll(' ', '-');

const anchorsOf = (page: string) => [...textOf(page).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchorOf(heading!));

function linksOf(page: string) {
  const found = [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!);
  return found.filter((link) => !/^[a-z]+:/.test(link));
}

describe.each(pages)('%s', (page) => {
  it('has links that lead to a file and a heading', () => {
    for (const link of linksOf(page)) {
      const [path, anchor] = link.split('#');
      const target = path === '' ? page : relative(ROOT, resolve(ROOT, dirname(page), path!));
      expect(existsSync(join(ROOT, target)), link).toBe(true);
      if (anchor !== undefined) expect(anchorsOf(target), link).toContain(anchor);
    }
  });

  it('is in the package', () => {
    const isPacked = (path: string) => packed.some((entry) => path === entry || path.startsWith(`${entry}/`));
    expect(isPacked(page)).toBe(true);
  });
});

it('README.md has at most 140 lines, and leads to every page, to some by way of those for contributors and of decisions', () => {
  expect(readFileSync(join(ROOT, 'README.md'), 'utf8').split('\n').length).toBeLessThanOrEqual(140);
  const further = linksOf('docs/contributing.md').map((link) => `docs/${link}`);
  const decisions = linksOf('docs/decisions/README.md').map(inDecisions);
  const linked = new Set([...linksOf('README.md'), ...further, ...decisions].map((link) => link.split('#')[0]));
  const unlinked = pages.filter((page) => page.startsWith('docs/') && !linked.has(page));
  expect(unlinked).toEqual([]);
});
