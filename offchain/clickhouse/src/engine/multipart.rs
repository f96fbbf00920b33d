//! Bodies of `multipart/form-data`, in which clients send a statement beside its parameters.

use super::exception::{code, Exception};

/// The fields of a form: names and values.
pub(super) type Fields = Vec<(String, Vec<u8>)>;

/// The most fields of a form.
const MOST_FIELDS: usize = 1_000;

/// The boundary that a Content-Type names; `None` if it is of no form.
pub(super) fn boundary(content_type: &str) -> Option<&str> {
    let (kind, parameters) = content_type.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let named = name.trim().eq_ignore_ascii_case("boundary");
        named.then(|| value.trim().trim_matches('"')).filter(|boundary| !boundary.is_empty())
    })
}

/// Reads a form (RFC 7578). Files are refused: external tables are not served.
pub(super) fn read(body: &[u8], boundary: &str) -> Result<Fields, Exception> {
    let delimiter = [b"--", boundary.as_bytes()].concat();
    let mut rest = strip(body, &delimiter).ok_or_else(|| malformed("it has no boundary"))?;
    let delimiter = [b"\r\n", delimiter.as_slice()].concat();
    let mut fields = Vec::new();
    while !rest.starts_with(b"--") {
        let part = rest.strip_prefix(b"\r\n").ok_or_else(|| malformed("a boundary has no end"))?;
        let end =
            find(part, &delimiter).ok_or_else(|| malformed("its last boundary is missing"))?;
        let head =
            find(&part[..end], b"\r\n\r\n").ok_or_else(|| malformed("a part has no head"))?;
        fields.push((name(&part[..head])?, part[head + 4..end].to_vec()));
        if fields.len() > MOST_FIELDS {
            return Err(malformed("it has more than 1000 fields"));
        }
        rest = &part[end + delimiter.len()..];
    }
    Ok(fields)
}

/// The name in a part's Content-Disposition.
fn name(head: &[u8]) -> Result<String, Exception> {
    let head = std::str::from_utf8(head).map_err(|_| malformed("the head of a part is no text"))?;
    let disposition = head
        .split("\r\n")
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("content-disposition"))
        .map(|(_, value)| value)
        .ok_or_else(|| malformed("a part has no Content-Disposition"))?;
    let parameter = |wanted: &str| {
        disposition.split(';').filter_map(|part| part.split_once('=')).find_map(|(name, value)| {
            name.trim().eq_ignore_ascii_case(wanted).then(|| value.trim().trim_matches('"'))
        })
    };
    if parameter("filename").is_some() {
        let sentence = "external tables are not served: insert into a table and select from it";
        return Err(Exception::new(code::NOT_IMPLEMENTED, "NOT_IMPLEMENTED", sentence));
    }
    parameter("name").map(str::to_owned).ok_or_else(|| malformed("a part has no name"))
}

fn strip<'a>(text: &'a [u8], delimiter: &[u8]) -> Option<&'a [u8]> {
    find(text, delimiter).map(|at| &text[at + delimiter.len()..])
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|window| window == what)
}

fn malformed(why: &str) -> Exception {
    let sentence = format!("the form is malformed, {why}: send it as RFC 7578 has it");
    Exception::new(code::BAD_ARGUMENTS, "BAD_ARGUMENTS", sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: &[u8] = b"--xyz\r\nContent-Disposition: form-data; name=\"query\"\r\n\r\n\
        SELECT {a:String}\r\n--\r\n--xyz\r\ncontent-disposition: form-data; name=param_a\r\n\r\n\
        \xff\x00\r\n--xyz--\r\n";

    #[test]
    fn fields_are_read_as_they_are() {
        assert_eq!(boundary("multipart/form-data; boundary=xyz"), Some("xyz"));
        assert_eq!(boundary("Multipart/Form-Data;charset=x; Boundary=\"xyz\""), Some("xyz"));
        assert_eq!(boundary("text/plain; boundary=xyz"), None);
        let fields = read(FORM, "xyz").unwrap();
        let expected: Fields = vec![
            ("query".into(), b"SELECT {a:String}\r\n--".to_vec()),
            ("param_a".into(), b"\xff\x00".to_vec()),
        ];
        assert_eq!(fields, expected);
    }

    #[test]
    fn a_form_cut_anywhere_is_refused() {
        for end in 0..FORM.len() - 4 {
            assert!(read(&FORM[..end], "xyz").is_err(), "{end}");
        }
    }

    #[test]
    fn files_are_refused() {
        let body = b"--b\r\nContent-Disposition: form-data; name=t; filename=x\r\n\r\n1\r\n--b--";
        assert_eq!(read(body, "b").unwrap_err().code, code::NOT_IMPLEMENTED);
    }

    #[test]
    fn any_bytes_are_read_or_refused() {
        bolero::check!().for_each(|bytes: &[u8]| {
            let _ = read(bytes, "b");
        });
    }
}
