"""Where frames go: one module per connection or format."""
