package vocab

// camel divides a piece at its capitals: HTTPServer is HTTP and Server. A digit
// stays with what stands before it.
func camel(piece string) []string {
	var words []string
	start := 0
	for i := 1; i < len(piece); i++ {
		endsWord := isUpper(piece[i]) && !isUpper(piece[i-1])
		endsAcronym := isUpper(piece[i]) && i+1 < len(piece) && isLower(piece[i+1])
		if endsWord || endsAcronym {
			words = append(words, piece[start:i])
			start = i
		}
	}
	return append(words, piece[start:])
}

func isUpper(c byte) bool { return c >= 'A' && c <= 'Z' }
func isLower(c byte) bool { return c >= 'a' && c <= 'z' }
func isDigit(c byte) bool { return c >= '0' && c <= '9' }
