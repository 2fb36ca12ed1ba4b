package cybertip

// Response is the server's answer to all calls but finish (XSD element reportResponse).
type Response struct {
	Content // what reading found; not written

	Code        Int    // responseCode, required; see Code
	Description string // responseDescription, required
	ReportID    Int
	FileID      string
	Hash        string // MD5 of the bytes that the server received
}

// DoneResponse is the server's answer to finish (XSD element reportDoneResponse).
type DoneResponse struct {
	Content // what reading found; not written

	Code     Int      // responseCode, required; see Code
	ReportID Int      // required
	FileIDs  []string // files/fileId; the element files is required
}

// Response codes that are known. NCMEC says that the list is not complete: keep others as they are.
const (
	CodeSuccess          = 0
	CodeServerError      = 1000
	CodeSaveFailed       = 1100
	CodeUploadFailed     = 1110
	CodeFileUploadFailed = 1111
	CodeNotFound         = 1210
	CodeUpdateFailed     = 1300
	CodeAuthRequired     = 2000
	CodeNotAllowed       = 3000
	CodeSubmitNotAllowed = 3100
	CodeUpdateNotAllowed = 3300
	CodeInvalidRequest   = 4000
	CodeValidationFailed = 4100
	CodeMalformedXML     = 4110
	CodeMalformedFile    = 4200
	CodeNoSuchReport     = 5001
	CodeNoSuchFile       = 5002
	CodeAlreadyRetracted = 5101
	CodeAlreadyFinished  = 5102
)
