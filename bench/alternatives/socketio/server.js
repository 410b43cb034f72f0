// Socket.IO with its Redis adapter: events come from @socket.io/redis-emitter, in a backend of any kind, and each user has a room.
import { createServer } from "node:http";
import { createAdapter } from "@socket.io/redis-adapter";
import { createClient } from "redis";
import { Server } from "socket.io";

const publisher = await createClient({ url: `redis://${process.env.REDIS}` }).connect();
const subscriber = await publisher.duplicate().connect();

const http = createServer();
const io = new Server(http, { transports: ["websocket"], adapter: createAdapter(publisher, subscriber) });
io.on("connection", (socket) => socket.join(socket.handshake.query.user));
http.listen(Number(process.env.PORT), "127.0.0.1");
