# The client of seed 002 (a token in the query, text messages as JSON) with Python's "websockets".
# Prints the messages it got, one a line, until it has seen what a backend published on Redis.
import asyncio
import json
import os

import websockets


async def main():
    uri = f"{os.environ['GATEWAY_URL']}/ws?token={os.environ['TOKEN']}"
    async with websockets.connect(uri) as websocket:
        async for message in websocket:
            print(message, flush=True)
            if json.loads(message).get("type") == "from_backend":
                break


asyncio.run(main())
