"""FastAPI with redis-py: one process, a task that listens to Redis and sends to each socket."""

import asyncio
import os
from contextlib import suppress

import redis.asyncio
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

USER_PREFIX = "bench:user:"

app = FastAPI()
users: dict[str, WebSocket] = {}


@app.websocket("/ws")
async def connect(socket: WebSocket, user: str) -> None:
    await socket.accept()
    users[user] = socket
    with suppress(WebSocketDisconnect):
        while True:
            await socket.receive_text()
    users.pop(user, None)


@app.on_event("startup")
async def start() -> None:
    app.state.listening = asyncio.create_task(listen())


async def listen() -> None:
    channels = redis.asyncio.from_url(f"redis://{os.environ['REDIS']}", decode_responses=True).pubsub()
    await channels.subscribe("bench:all")
    await channels.psubscribe(USER_PREFIX + "*")
    async for message in channels.listen():
        if message["type"] == "message":
            for socket in list(users.values()):
                await send(socket, message["data"])
        elif message["type"] == "pmessage" and (socket := users.get(message["channel"][len(USER_PREFIX) :])):
            await send(socket, message["data"])


async def send(socket: WebSocket, text: str) -> None:
    # A socket that has just closed is taken out by its own task.
    with suppress(Exception):
        await socket.send_text(text)
