"""Requests in numbers: from the need to the first responder, goods delivered for it, aid asked for, queues of posts."""
