import { graph } from '../graph.ts';
import { BookType } from '../stubs.ts';

graph.builder.objectFields(BookType, () => ({}));
