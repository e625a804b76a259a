"""Questions to the guest experts, from their coming in to the answers that go back."""
