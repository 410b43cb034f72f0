"""The publishing helpers of seed 003 for Python backends: the module they import, which posts CloudEvents to the Api instead.

Needs API_URL and TOKEN, a token of the role "service". An event that returns without an exception is stored by Kafka.
"""

import asyncio
import json
import os
import urllib.request
import uuid


async def publish_order_update(order_id, event_type, data):
    """Tells who watches the order."""
    await _publish(event_type, data, subject=order_id, audience=f"order:{order_id}")


async def publish_product_update(event_type, data):
    """Tells everyone who watches products."""
    await _publish(event_type, data, subject=data["product_id"])


async def _publish(event_type, data, **attributes):
    event = {"specversion": "1.0", "id": str(uuid.uuid4()), "source": "/python", "type": event_type, "data": data}
    request = urllib.request.Request(
        f"{os.environ['API_URL']}/api/events",
        data=json.dumps(event | attributes).encode(),
        headers={
            "Authorization": f"Bearer {os.environ['TOKEN']}",
            "Content-Type": "application/cloudevents+json",
        },
    )
    await asyncio.to_thread(lambda: urllib.request.urlopen(request, timeout=20).close())
