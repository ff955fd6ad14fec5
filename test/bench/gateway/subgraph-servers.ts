import { createServer, type AddressInfo, type Socket } from 'node:net';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { graphql, type GraphQLSchema } from 'graphql';
import { readMessages } from './http-messages.ts';
import { smallSubgraphs } from './subgraph-schemas.ts';

/** What the process of the subgraphs tells: where they answer, or what they did since they were last asked. */
export type SubgraphReport =
  | { readonly ports: Readonly<Record<string, number>> }
  | { readonly calls: number; readonly busy: number };

let calls = 0;
let since = performance.now();
let cpu = process.cpuUsage();

/** Each different request is executed once; its bytes are the answer from then on, so that a subgraph costs nothing. */
function serve(schema: GraphQLSchema): (socket: Socket) => void {
  const answers = new Map<string, Buffer>();
  const execute = async (text: string): Promise<Buffer> => {
    const { query, variables, operationName } = JSON.parse(text) as Request;
    const result = await graphql({ schema, source: query, variableValues: variables, operationName });
    const answer = answerWith(JSON.stringify(result));
    answers.set(text, answer);
    return answer;
  };
  return (socket) => {
    const read = readMessages((_head, body) => {
      calls += 1;
      const text = body.toString();
      const answer = answers.get(text);
      if (answer) socket.write(answer);
      else void execute(text).then((bytes) => socket.write(bytes));
    });
    socket.setNoDelay(true);
    socket.on('data', read);
    // A gateway that is stopped breaks its connections.
    socket.on('error', () => socket.destroy());
  };
}

interface Request {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
}

function answerWith(body: string): Buffer {
  const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}`;
  return Buffer.from(`${head}\r\nconnection: keep-alive\r\n\r\n${body}`);
}

const ports: Record<string, number> = {};
for (const { name, typeDefs, resolvers } of smallSubgraphs) {
  const schema = buildSubgraphSchema({ typeDefs, resolvers: resolvers as never });
  const server = createServer(serve(schema));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  ports[name] = (server.address() as AddressInfo).port;
}
process.on('message', () => {
  const { user, system } = process.cpuUsage(cpu);
  const busy = (user + system) / 1000 / (performance.now() - since);
  process.send?.({ calls, busy } satisfies SubgraphReport);
  calls = 0;
  since = performance.now();
  cpu = process.cpuUsage();
});
process.on('disconnect', () => process.exit());
process.send?.({ ports } satisfies SubgraphReport);
