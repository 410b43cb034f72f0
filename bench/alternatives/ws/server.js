// Node's ws with the redis client: one process, a set of all sockets and a map of users.
import { createClient } from "redis";
import { WebSocketServer } from "ws";

const server = new WebSocketServer({ host: "127.0.0.1", port: Number(process.env.PORT), perMessageDeflate: false });
const users = new Map();

server.on("connection", (socket, request) => {
  const user = new URL(request.url, "http://localhost").searchParams.get("user");
  users.set(user, socket);
  socket.on("error", () => {});
  socket.on("close", () => users.delete(user));
});

const redis = await createClient({ url: `redis://${process.env.REDIS}` }).connect();
await redis.subscribe("bench:all", (message) => {
  for (const socket of server.clients) {
    socket.send(message);
  }
});
await redis.pSubscribe("bench:user:*", (message, channel) => {
  users.get(channel.slice("bench:user:".length))?.send(message);
});
