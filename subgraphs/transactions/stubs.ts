import { extension, stub } from '#kernel/graphql-types';
import { graph } from './graph.ts';

/** The book a row belongs to; access owns it, the ledger adds its trial balance. */
export const BookType = extension(graph, 'Book', { scope: 'transactions:read', fields: () => ({}) });

/** The other side of a document; vendors owns it. */
export const VendorType = stub(graph, 'Vendor');

/** A person of the organisation; access owns it. */
export const MemberType = stub(graph, 'Member');
