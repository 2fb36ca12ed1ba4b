// Package cybertip reads and writes NCMEC CyberTipline reports: as a provider submits them (XML) and as NCMEC
// delivers them to law enforcement (JSON).
//
// Reading is lenient and lossless. [ReadXML] takes a submitted report, file details, the server's answers, or a wrapper
// with any of these; [ReadDelivered] takes one delivered report. Each document comes back twice: as typed values
// ([Report], [FileDetails], [Response], [DoneResponse], [Delivered]) and as [Content], which holds every leaf with its
// path, the leaves that the schema does not know, and findings that say everything which is wrong. Only a document
// that is not well formed, exceeds a limit or is of another kind is refused with an error.
//
// Writing is strict. [Report.WriteXML] and its siblings write in schema order and refuse, with every reason, what the
// pinned version of the schema does not allow. The pinned version is NCMEC's schema of 10 November 2025; elements that
// are newer are read ([ReportFlags] has one, [Person] and [AssociatedAccount] others) but not written.
//
// Values that may be missing stay apart from values that are negative or zero: [Bool] has three values, [Int], [Float]
// and [Time] know whether they are set.
//
// The text of findings and errors never repeats a value of the document, so it may be logged; paths lead to the values.
// Free text (content, additionalInfo and the like) may describe abuse: treat it as restricted.
//
// Left to others: what is plausible at the present time (there is no clock here), normalising identifiers, labels for
// people to read, and talking to NCMEC's servers.
package cybertip
