"""Run the engine in this process, without a server: tokens in, text out."""

from importlib.resources import files
from pathlib import Path

from martlet.engine import Engine, EngineConfig, SamplingParams

folder = Path(str(files("martlet") / "house"))  # any folder in Hugging Face's layout will do
engine = Engine.from_folder(folder, EngineConfig(max_num_seqs=4))

questions = ["Hello!", "What is AI?", "Write a haiku."]
for question in questions:
    prompt = engine.tokenizer.render([{"role": "user", "content": question}])
    token_ids = engine.tokenizer.encode(prompt, add_special_tokens=False)
    engine.add(question, token_ids, SamplingParams(max_tokens=80, temperature=0))

# Each step computes a token of every answer, all in one pass through the model.
answers = dict.fromkeys(questions, "")
steps = 0
while engine.has_work:
    for output in engine.step():
        answers[output.request_id] += output.text
    steps += 1

for question, answer in answers.items():
    print(f"Q: {question}\nA: {answer}\n")
print(f"{steps} steps, {engine.stats().generation_tokens} tokens")
