"""From manifests to verdict. `review` is the flow on one screen: start there."""
