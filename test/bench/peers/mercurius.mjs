// The gateway of mercurius as its pages show it, with its cache of persisted queries.
import Fastify from 'fastify';
import gateway from '@mercuriusjs/gateway';
import mercurius from 'mercurius';

const server = Fastify();
const services = Object.entries(JSON.parse(process.env.SUBGRAPHS)).map(([name, url]) => ({ name, url }));
server.register(gateway, {
  gateway: { services },
  jit: Number(process.env.JIT),
  persistedQueryProvider: mercurius.persistedQueryDefaults.automatic(),
});
await server.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
