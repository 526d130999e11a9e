# For trying the layout: it can be destroyed at once, and no snapshot is left. Take this file away for a client.
protected = false
