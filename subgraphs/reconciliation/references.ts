import { stub } from '#kernel/graphql-types';
import { graph } from './graph.ts';

/** The types of other subgraphs to which rows here refer by their ids. */
export const BookStub = stub(graph, 'Book');
export const DocumentStub = stub(graph, 'Document');
export const MemberStub = stub(graph, 'Member');
export const VendorStub = stub(graph, 'Vendor');
