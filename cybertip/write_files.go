package cybertip

func (e *emitter) fileDetails(r *FileDetails) {
	e.root("fileDetails")
	e.int("reportId", r.ReportID)
	e.leaf("fileId", r.FileID)
	e.leaf("fileName", r.FileName)
	e.leaf("originalFileName", r.OriginalFileName)
	e.time("uploadedToEspTimestamp", r.Uploaded)
	e.leaf("locationOfFile", r.Location)
	e.bool("fileViewedByEsp", r.ViewedByESP)
	e.bool("exifViewedByEsp", r.EXIFViewedByESP)
	e.bool("publiclyAvailable", r.Public)
	e.leaf("fileRelevance", string(r.Relevance))
	e.bool("potentialMeme", r.PotentialMeme)
	e.flags("fileAnnotations", r.Flags.Names())
	e.leaf("industryClassification", string(r.Classification))
	for _, h := range r.Hashes {
		e.tag("originalFileHash")
		e.attr("hashType", h.Type)
		e.text(h.Value)
	}
	if r.IPCapture != nil {
		e.ipCapture(r.IPCapture)
	}
	e.devices(r.Devices)
	for i := range r.Details {
		e.metadata(&r.Details[i])
	}
	e.each("additionalInfo", r.AdditionalInfo)
	e.end()
}

func (e *emitter) metadata(m *FileMetadata) {
	e.tag("details")
	e.attr("type", string(m.Type))
	e.inside()
	for _, p := range m.Pairs {
		e.tag("nameValuePair")
		e.attr("type", string(p.Type)) // refused by finish
		e.inside()
		e.leaf("name", p.Name)
		e.always("value", p.Value)
		e.end()
	}
	e.end()
}

func (e *emitter) response(r *Response) {
	e.root("reportResponse")
	e.int("responseCode", r.Code)
	e.leaf("responseDescription", r.Description)
	e.int("reportId", r.ReportID)
	e.leaf("fileId", r.FileID)
	e.leaf("hash", r.Hash)
	e.end()
}

func (e *emitter) doneResponse(r *DoneResponse) {
	e.root("reportDoneResponse")
	e.int("responseCode", r.Code)
	e.int("reportId", r.ReportID)
	e.open("files")
	e.each("fileId", r.FileIDs)
	e.end()
	e.end()
}
