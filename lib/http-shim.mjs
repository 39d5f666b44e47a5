// What `http` and `node:http` are bundled as: an ESM import of the real one makes Node 24 load undici (about 18 ms of
// every cold start) through lazy getters; taking the module by hand does not.
const http = process.getBuiltinModule('node:http');
export const {
  Agent,
  ClientRequest,
  IncomingMessage,
  METHODS,
  OutgoingMessage,
  STATUS_CODES,
  Server,
  ServerResponse,
  createServer,
  get,
  globalAgent,
  request,
} = http;
export default http;
