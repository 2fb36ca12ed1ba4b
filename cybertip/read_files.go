package cybertip

func (d *decoder) fileDetails(r *FileDetails) {
	const potentialMeme, fileAnnotations, classification = 10, 11, 12
	f := d.enter()
	for d.child(&f) {
		switch string(d.s.Local()) {
		case "reportId":
			if d.one(&f, 0) {
				r.ReportID = d.asInt(d.leaf(), 64)
			}
		case "fileId":
			if d.one(&f, 1) {
				r.FileID = d.asNeeded(d.leaf(), 0)
			}
		case "fileName":
			if d.one(&f, 2) {
				r.FileName = d.text(0)
			}
		case "originalFileName":
			if d.one(&f, 3) {
				r.OriginalFileName = d.text(2056)
			}
		case "uploadedToEspTimestamp":
			if d.one(&f, 4) {
				r.Uploaded = d.asTime(d.leaf())
			}
		case "locationOfFile":
			if d.one(&f, 5) {
				r.Location = d.text(2083)
			}
		case "fileViewedByEsp":
			if d.one(&f, 6) {
				r.ViewedByESP = d.asBool(d.leaf())
			}
		case "exifViewedByEsp":
			if d.one(&f, 7) {
				r.EXIFViewedByESP = d.asBool(d.leaf())
			}
		case "publiclyAvailable":
			if d.one(&f, 8) {
				r.Public = d.asBool(d.leaf())
			}
		case "fileRelevance":
			if d.one(&f, 9) {
				r.Relevance = asEnum(d, d.leaf(), FileRelevances)
			}
		case "potentialMeme":
			if d.one(&f, potentialMeme) {
				r.PotentialMeme = d.asBool(d.leaf())
			}
		case "fileAnnotations":
			if d.one(&f, fileAnnotations) {
				r.Flags = FileFlags(d.flags(FileFlagNames[:], len(FileFlagNames)))
			}
		case "industryClassification":
			if d.one(&f, classification) {
				r.Classification = asEnum(d, d.leaf(), Classifications)
			}
		case "originalFileHash":
			d.item(&f, 13, len(r.Hashes)+1)
			d.fileHash(more(&r.Hashes))
		case "ipCaptureEvent":
			if d.one(&f, 14) {
				r.IPCapture = new(IPCapture)
				d.ipCapture(r.IPCapture)
			}
		case "deviceId":
			d.item(&f, 15, len(r.Devices)+1)
			d.device(more(&r.Devices))
		case "details":
			d.item(&f, 16, len(r.Details)+1)
			d.metadata(more(&r.Details))
		case "additionalInfo":
			d.item(&f, 17, len(r.AdditionalInfo)+1)
			r.AdditionalInfo = append(r.AdditionalInfo, d.text(0))
		default:
			d.unknown(&f)
		}
	}
	d.leave(&f)
	d.require(&f, 0, "reportId")
	d.require(&f, 1, "fileId")
	if f.has(potentialMeme) && f.has(fileAnnotations) {
		d.find(SeverityError, "potentialMeme", "may not stand beside fileAnnotations, which has a flag of that name")
	}
	if r.Relevance == FileSupplemental {
		if f.has(classification) {
			d.find(SeverityWarning, "industryClassification", "may not be given for a supplemental file")
		}
		if r.PotentialMeme == True || r.Flags.Has(FileMeme) {
			d.find(SeverityWarning, "fileRelevance", "says supplemental; such a file may not be marked as a potential meme")
		}
	}
}

func (d *decoder) fileHash(h *FileHash) {
	has := false
	attrs := d.attrs()
	for i := range attrs {
		v, ok := d.attr(&attrs[i])
		switch {
		case !ok:
		case string(attrs[i].Local) == "hashType":
			has = true
			h.Type = d.asNeeded(v, 64)
		default:
			d.unknownAttr()
		}
	}
	if !has {
		d.find(SeverityError, string(d.path)+"/@hashType", "is missing")
	}
	h.Value = d.leaf()
	d.checkHash(*h)
}

func (d *decoder) metadata(m *FileMetadata) {
	attrs := d.attrs()
	for i := range attrs {
		v, ok := d.attr(&attrs[i])
		switch {
		case !ok:
		case string(attrs[i].Local) == "type":
			m.Type = asEnum(d, v, DetailsTypes)
		default:
			d.unknownAttr()
		}
	}
	f := d.enter()
	for d.child(&f) {
		switch string(d.s.Local()) {
		case "nameValuePair":
			d.item(&f, 0, len(m.Pairs)+1)
			d.nameValue(more(&m.Pairs))
		default:
			d.unknown(&f)
		}
	}
	d.leave(&f)
	d.require(&f, 0, "nameValuePair")
}

func (d *decoder) nameValue(n *NameValue) {
	attrs := d.attrs()
	for i := range attrs {
		v, ok := d.attr(&attrs[i])
		switch {
		case !ok:
		case string(attrs[i].Local) == "type":
			n.Type = asEnum(d, v, DetailsTypes)
			d.find(SeverityWarning, d.at(), textElsewhere)
		default:
			d.unknownAttr()
		}
	}
	f := d.enter()
	for d.child(&f) {
		switch string(d.s.Local()) {
		case "name":
			if d.one(&f, 0) {
				n.Name = d.asNeeded(d.leaf(), 64)
			}
		case "value":
			if d.one(&f, 1) {
				n.Value = d.text(0)
			}
		default:
			d.unknown(&f)
		}
	}
	d.leave(&f)
	d.require(&f, 0, "name")
	d.require(&f, 1, "value")
}
