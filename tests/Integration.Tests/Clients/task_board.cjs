// The task board's test (seed 001, "Test Event Flow") with the client library "ws" of Node: a socket, then a task over REST.
// Prints the frames it got, one JSON a line.
const WebSocket = require("ws");

const { API_URL, GATEWAY_URL, USER_ID, TOKEN } = process.env;
const ws = new WebSocket(`${GATEWAY_URL}/ws?user_id=${USER_ID}&token=${TOKEN}`);

ws.on("message", async (data) => {
  const message = JSON.parse(data);
  console.log(JSON.stringify(message));
  if (message.type === "connected") {
    await fetch(`${API_URL}/api/tasks`, {
      method: "POST",
      headers: { Authorization: `Bearer ${TOKEN}`, "Content-Type": "application/json" },
      body: '{"title": "Test Task"}',
    });
  } else if (message.type === "task_update") {
    ws.send(JSON.stringify({ type: "ping" }));
  } else if (message.type === "pong") {
    ws.close();
  }
});
ws.on("close", (code) => {
  process.exitCode = code === 1005 || code === 1000 ? 0 : 1;
});
ws.on("error", (error) => {
  console.error(error.message);
  process.exitCode = 1;
});
