"""A pytest plugin under which the official package's tests meet Martlet instead: `pytest -p standin.plugin`.

`import openai`, and everything below it, leads to Martlet. What those tests take from the official package's
private modules is offered here, so that nothing of it need be in Martlet:

    plugin.py       what pytest loads
    modules.py      finds `openai.*`
    private.py      what stands behind the private names
    client.py       the clients, with the settings that only those tests give
    backoff.py      the waits between attempts, as the tests look at them and replace them
    events.py       the event parser under its official name
    matching.py     the check that a reply has the shape its type declares
    printing.py     replies as the snapshots in the tests have them
    outcomes.py     compares what happened with the list of deliberate differences
"""
