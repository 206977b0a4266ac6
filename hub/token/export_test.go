package token

// Kept is how many lists have a place in memory.
func (s *StatusLists) Kept() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.lists)
}
