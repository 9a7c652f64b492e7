"""The parts of ``tools/faults.py``: people at their browsers, processes to kill, deeds of the tour, what must hold."""
