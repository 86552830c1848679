"""What hostile requests are made of, and what they are made to: values, bodies, links, and a world that is full."""
