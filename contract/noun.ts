import type * as z from 'zod';
import { Deleted, ListOf, PageQuery } from './lists.ts';
import { type Access, route } from './route.ts';

/** The five routes of a noun. */
export const crud = <C, P>(
  noun: string,
  path: `/${string}`,
  access: Access,
  create: z.ZodType<C>,
  patch: z.ZodType<P>,
  view: z.ZodType,
  created: z.ZodType = view,
) => ({
  create: route({
    method: 'POST',
    path,
    fn: 'admin',
    access,
    summary: `Make ${noun}.`,
    body: create,
    status: 201,
    answer: created,
  }),
  list: route({
    method: 'GET',
    path,
    fn: 'admin',
    access,
    summary: `List: ${noun} a row.`,
    query: PageQuery,
    answer: ListOf(view),
  }),
  get: route({ method: 'GET', path: `${path}/{id}`, fn: 'admin', access, summary: `Read ${noun}.`, answer: view }),
  patch: route({
    method: 'PATCH',
    path: `${path}/{id}`,
    fn: 'admin',
    access,
    summary: `Change ${noun}.`,
    body: patch,
    answer: view,
  }),
  remove: route({
    method: 'DELETE',
    path: `${path}/{id}`,
    fn: 'admin',
    access,
    summary: `Delete ${noun}; keys bound to it answer 401.`,
    answer: Deleted,
  }),
});
