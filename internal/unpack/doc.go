// Package unpack finds the way from what an officer points at (folders, zip
// and tar archives, gzip files, plain documents, standard input) to groups of
// documents that a reader of reports can take, with memory that stays flat
// whatever the size and the number of files.
//
// [Walk] is the whole of it. It hands out [Group] values: each is some of the
// files of one directory that may belong together, as [Doc] (a document with
// its bytes), [Media] (a picture, video or sound beside the reports, of which
// only fingerprints are kept) and [Problem] (what could not be read, and why).
// [Options] has the limits. [Total] runs ahead and estimates the work, [Key]
// names a document so that an interrupted batch can be resumed.
//
// # What a document is
//
// [Classify] decides by the bytes; the name only breaks ties. One XML or text
// file is one document. A file of many records is handed out record by record
// while it is read, so that it never has to fit in memory: a CSV row by row
// (with its header), JSON Lines line by line, a JSON array element by element.
// A record is called "reports.csv#17": the row as a spreadsheet numbers it
// (the header is row 1), the line of a JSON Lines file, the element of an
// array. Rows and lines that hold nothing are passed over, and counted.
// UTF-16 with a byte-order mark becomes UTF-8 in CSV and JSON; XML, plain text
// and every other encoding are left to the reader.
//
// # Groups
//
// All files of one directory form one group when there are at most
// [Options].Window of them with at most [Options].WindowBytes of bytes. The
// files of a larger directory are put in order and cut into windows of that
// size, never between files of one stem:
//
//   - The stem of a name is what stands before its first dot (dots at the
//     beginning do not count), cut after its longest run of digits, the first
//     such run if several are equally long. So 900000010.xml,
//     900000010-file1.xml and 900000010.fileDetails.2.xml have the stem
//     900000010, and report-0001.xml and report-0001-file1.xml have
//     report-0001.
//   - The order is by stem, then by name, both by byte; then by record.
//   - Each record of a file of many records stands for itself: a window may
//     end between any two of them.
//   - One stem that alone fills more than four windows is cut all the same, by
//     the rule applied to what follows the stem (20261122-000123.xml, where a
//     date is longer than the number).
//
// A directory below another has groups of its own, and so has an archive,
// which counts as a directory: "inbox/a.zip!/dir/report.xml". The files of a
// folder come first, then its sub-folders and archives, by name. A gzip file
// that holds one document counts as that document.
//
// An archive is read once, in its own order. Of its directories up to four
// windows are held back at any time, so the rule above is exact for every
// archive directory whose files lie that close together (an archive written
// in the order of names, or a small one), and done as well as can be for one
// that scatters the files of a large directory.
//
// # What is refused
//
// Whatever cannot be read is one Problem, and the walk goes on with the rest.
// An archive that breaks off gives what can be read before the break. Links
// inside folders and archives are not followed; a link that is itself named
// as an input is. Binary files that are neither media nor archives are told
// without their bytes; so is text with a NUL or another control character, or
// with a long run of base64, which may be a picture.
//
// Paths are shown as valid UTF-8 without control characters: other bytes
// appear as %XX.
//
// Parsing documents, matching fingerprints and keeping a ledger are left to
// others.
package unpack
