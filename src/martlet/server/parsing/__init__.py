"""What models write to reasoning, content and tool calls. No protocol here: only text and events.

reader     text in pieces, and events
json_text  JSON as it comes
calls      calls that are JSON objects
tools      formats of tool calls
reasoning  formats of reasoning
parser     both, for one choice
"""

from martlet.server.parsing.parser import OutputParser
from martlet.server.parsing.reader import Event

__all__ = ["Event", "OutputParser"]
