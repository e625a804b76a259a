"""Words that go to others than whoever acts, now or later."""
