from app.api.ws import publish_order_update

# When order status changes
await publish_order_update(
    order_id=str(order.id),
    event_type="order_status_changed",
    data={
        "order_id": str(order.id),
        "old_status": "processing",
        "new_status": "shipped",
        "timestamp": datetime.utcnow().isoformat()
    }
)
