"""Writes tensorboard.events with TensorBoard's own record writer: a version and a scalar at steps 0 and 300.

The committed file was written by tensorboard 2.21.0.
"""

import io
import pathlib

from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.record_writer import RecordWriter

file = io.BytesIO()
writer = RecordWriter(file)
writer.write(Event(file_version="brain.Event:2").SerializeToString())
for step, value in ((0, 0), (300, 0.5)):
    summary = Summary(value=[Summary.Value(tag="loss", simple_value=value)])
    writer.write(Event(wall_time=step, step=step, summary=summary).SerializeToString())
pathlib.Path(__file__).with_name("tensorboard.events").write_bytes(file.getvalue())
