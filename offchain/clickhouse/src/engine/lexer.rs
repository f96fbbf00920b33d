//! The words of a statement, as far as one must know them to tell a statement from its data.

/// What stands at a place of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A bare word: a keyword, a name, a number.
    Word,
    /// A name in backticks or double quotes.
    Name,
    /// A text in single quotes, or a heredoc.
    Text,
    /// A single other character.
    Sign(u8),
}

/// A piece of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
    /// How many brackets are open before it; its own, if it is one, included.
    pub(super) depth: usize,
}

/// Reads tokens one by one; comments and white space lie between them.
///
/// What is not closed (a quote, a comment) reaches to the end of the text.
pub(super) struct Lexer<'a> {
    text: &'a [u8],
    at: usize,
    depth: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self { text, at: 0, depth: 0 }
    }

    /// Whether a word is this keyword; keywords are of any case.
    pub(super) fn is(&self, token: Token, keyword: &str) -> bool {
        token.kind == Kind::Word
            && self.text[token.start..token.end].eq_ignore_ascii_case(keyword.as_bytes())
    }

    fn starts_with(&self, prefix: &[u8]) -> bool {
        self.text[self.at..].starts_with(prefix)
    }

    fn skip_to(&mut self, after: &[u8]) {
        let rest = &self.text[self.at..];
        let found = rest.windows(after.len()).position(|window| window == after);
        self.at = found.map_or(self.text.len(), |found| self.at + found + after.len());
    }

    /// Past white space and comments.
    fn skip_space(&mut self) {
        while let Some(byte) = self.text.get(self.at) {
            match byte {
                b' ' | b'\t'..=b'\r' => self.at += 1,
                b'-' if self.starts_with(b"--") => self.skip_to(b"\n"),
                b'#' if self.starts_with(b"#!") || self.starts_with(b"# ") => self.skip_to(b"\n"),
                b'/' if self.starts_with(b"/*") => {
                    self.at += 2;
                    self.skip_to(b"*/");
                }
                _ => return,
            }
        }
    }

    /// Past a quoted piece: backslashes escape, and a doubled quote is one.
    fn skip_quoted(&mut self, quote: u8) {
        self.at += 1;
        while let Some(byte) = self.text.get(self.at) {
            match byte {
                b'\\' => self.at += 2,
                byte if *byte == quote => {
                    self.at += 1;
                    if self.text.get(self.at) != Some(&quote) {
                        break;
                    }
                    self.at += 1;
                }
                _ => self.at += 1,
            }
        }
        self.at = self.at.min(self.text.len());
    }

    /// Past a piece in curly quotes, which the engine takes as well: no escapes. `None` if it is none.
    fn skip_curly(&mut self) -> Option<Kind> {
        let (close, kind): (&[u8], _) = match &self.text[self.at..] {
            [0xE2, 0x80, 0x98, ..] => (&[0xE2, 0x80, 0x99], Kind::Text),
            [0xE2, 0x80, 0x9C, ..] => (&[0xE2, 0x80, 0x9D], Kind::Name),
            _ => return None,
        };
        self.at += close.len();
        self.skip_to(close);
        Some(kind)
    }

    /// Past `$tag$ ... $tag$`; `false` if it is none.
    fn skip_heredoc(&mut self) -> bool {
        let rest = &self.text[self.at + 1..];
        let length = rest.iter().take_while(|byte| is_word(**byte)).count();
        if rest.get(length) != Some(&b'$') {
            return false;
        }
        let tag = &self.text[self.at..self.at + length + 2];
        self.at += tag.len();
        self.skip_to(tag);
        true
    }
}

impl Iterator for Lexer<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        self.skip_space();
        let start = self.at;
        let first = *self.text.get(start)?;
        if let Some(kind) = self.skip_curly() {
            return Some(Token { kind, start, end: self.at, depth: self.depth });
        }
        let kind = match first {
            b'\'' => {
                self.skip_quoted(b'\'');
                Kind::Text
            }
            quote @ (b'`' | b'"') => {
                self.skip_quoted(quote);
                Kind::Name
            }
            b'$' if self.skip_heredoc() => Kind::Text,
            byte if is_word(byte) => {
                while self.text.get(self.at).is_some_and(|byte| is_word(*byte)) {
                    self.at += 1;
                }
                Kind::Word
            }
            byte => {
                self.at += 1;
                match byte {
                    b'(' | b'[' | b'{' => self.depth += 1,
                    b')' | b']' | b'}' => {
                        let token = Token {
                            kind: Kind::Sign(byte),
                            start,
                            end: self.at,
                            depth: self.depth,
                        };
                        self.depth = self.depth.saturating_sub(1);
                        return Some(token);
                    }
                    _ => {}
                }
                Kind::Sign(byte)
            }
        };
        Some(Token { kind, start, end: self.at, depth: self.depth })
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        Lexer::new(text.as_bytes()).map(|token| &text[token.start..token.end]).collect()
    }

    #[test]
    fn quotes_comments_and_heredocs_hide_what_is_in_them() {
        assert_eq!(words("a 'b;''c\\'' d -- ;\n/* ; */e"), ["a", "'b;''c\\''", "d", "e"]);
        assert_eq!(words("`x;\"`.\"y`\" $q$ ; $q$ #! ;"), ["`x;\"`", ".", "\"y`\"", "$q$ ; $q$"]);
        assert_eq!(words("unclosed 'text;"), ["unclosed", "'text;"]);
        assert_eq!(words("“a ;”(‘b ; \\’ c"), ["“a ;”", "(", "‘b ; \\’", "c"]);
        assert_eq!(words("ends in '\\"), ["ends", "in", "'\\"]);
    }

    #[test]
    fn brackets_are_counted() {
        let depths: Vec<_> = Lexer::new(b"a(b[c])d)e").map(|token| token.depth).collect();
        assert_eq!(depths, [0, 1, 1, 2, 2, 2, 1, 0, 0, 0]);
    }

    #[test]
    fn any_bytes_are_cut_into_pieces_in_order() {
        bolero::check!().for_each(|bytes: &[u8]| {
            let mut end = 0;
            for token in Lexer::new(bytes) {
                assert!(token.start >= end && token.end > token.start && token.end <= bytes.len());
                end = token.end;
            }
        });
    }
}
