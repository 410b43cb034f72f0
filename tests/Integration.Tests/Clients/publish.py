# Runs a snippet of seed 003 as it is printed: with "await" outside of any function, and with the order or product that it speaks of,
# whose fields are the arguments. What the snippet imports is in the folder "app".
import ast
import asyncio
import sys
import types
from datetime import datetime
from pathlib import Path

snippet = Path(sys.argv[1])
subject = types.SimpleNamespace(**dict(argument.split("=") for argument in sys.argv[2:]))
code = compile(snippet.read_text(), snippet.name, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
asyncio.run(eval(code, {"datetime": datetime, "order": subject, "product": subject}))
