import type { Branch, Tree } from '../../lambdas/pages/submissions/tree.ts';

/** The text of a tree, as a reader would copy it. */
export const textOf = (tree: Tree): string => (typeof tree === 'string' ? tree : tree.children.map(textOf).join(' '));

/** Every element of a tree, itself included. */
export const branchesOf = (tree: Tree): readonly Branch[] =>
  typeof tree === 'string' ? [] : [tree, ...tree.children.flatMap(branchesOf)];

/** The elements of one kind. */
export const all = (tree: Tree, tag: string): readonly Branch[] => branchesOf(tree).filter((one) => one.tag === tag);
