import { extension, stub } from '#kernel/graphql-types';
import { graph } from '../graph.ts';

/** The book an entity belongs to; access owns it, the ledger adds fields. */
export const BookType = extension(graph, 'Book', { scope: 'transactions:read', fields: () => ({}) });

/** A person of the organisation; access owns it. */
export const MemberType = stub(graph, 'Member');

/** Whom a document comes from; vendors owns it. */
export const VendorType = stub(graph, 'Vendor');
