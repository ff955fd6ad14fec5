import { graph } from '../graph.ts';
import { BookType } from '../intake/references.ts';

graph.builder.objectFields(BookType, () => ({}));
