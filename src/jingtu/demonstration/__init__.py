"""The demonstration province: invented offices, people, points and results, played in through the real doors.

Nothing here is a fact about a place, an enterprise or a person; everything is labelled 演示.
"""
