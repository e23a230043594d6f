"""What answers look like, as models: the OpenAPI document and the tests are made from them."""
