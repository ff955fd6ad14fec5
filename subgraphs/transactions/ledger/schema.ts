import { stub } from '#kernel/graphql-types';
import { graph } from '../graph.ts';

/** The book an entity belongs to; access owns it. */
export const BookType = stub(graph, 'Book');
