"""What interpreters do: questions and answers put into the languages of those who read them."""
