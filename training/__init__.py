"""The house model's recipe: generate the text, train the tokenizer and the model, export, measure."""
