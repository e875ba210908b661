"""The one way to say no."""


class Refused(Exception):
    """A command breaks a rule; `reason` is a key, put into words at the edge."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
