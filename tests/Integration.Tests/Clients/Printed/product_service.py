from app.api.ws import publish_product_update

# When inventory changes
await publish_product_update(
    event_type="inventory_updated",
    data={
        "product_id": str(product.id),
        "sku": product.sku,
        "old_quantity": 10,
        "new_quantity": 5,
        "timestamp": datetime.utcnow().isoformat()
    }
)
