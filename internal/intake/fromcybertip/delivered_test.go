package fromcybertip

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lapwing/internal/referral"
)

// deliveredDraft reads a delivered report with the members.
func deliveredDraft(t testing.TB, members string) *referral.Draft {
	t.Helper()
	ds, fs := ReadJSON([]byte(`{"reportId":17,` + members + `}`))
	if len(ds) != 1 {
		t.Fatalf("ReadJSON(%s): not one draft, findings %v", members, fs)
	}
	return ds[0]
}

func TestRefusedJSON(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, doc, path, text string }{
		{"nothing", "", "", ""},
		{"not JSON", "<report/>", "", ""},
		{"cut off", `{"reportId": 17, "reported`, "", ""},
		{"a list", `[{"reportId": 17}]`, "", "one JSON object"},
		{"something else", `{"id": 17}`, "", "neither reportId"},
		{"no number", `{"reportedInformation": {"a": "b"}}`, "reportId", "missing"},
		{"null", `{"reportId": null, "reportedInformation": {}}`, "reportId", "missing"},
		{"no numeral", `{"reportId": "CT 17"}`, "reportId", "cannot be read"},
		{"zero", `{"reportId": 0}`, "reportId", "greater than 0"},
		{"below zero", `{"reportId": -17}`, "reportId", "greater than 0"},
	} {
		ds, fs := ReadJSON([]byte(tt.doc))
		if len(ds) != 0 || len(fs) == 0 || fs[0].Severity != referral.Refuse || fs[0].Path != tt.path || !strings.Contains(fs[0].Text, tt.text) {
			t.Errorf("%s: %d drafts, findings %v, want one at %q that says %q", tt.name, len(ds), fs, tt.path, tt.text)
		}
	}
}

func TestDeliveredID(t *testing.T) {
	t.Parallel()
	for _, number := range []string{`17`, `"17"`, `" 17 "`, `"017"`} {
		ds, fs := ReadJSON([]byte(`{"reportId": ` + number + `}`))
		if len(ds) != 1 || ds[0].ExternalID != "17" || ds[0].IDFrom != referral.IDStated || ds[0].Revision.Stage != referral.Delivered {
			t.Errorf("reportId %s: drafts %v, findings %v, want the stated id 17", number, ds, fs)
		}
	}
}

func TestRevision(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ members, want string }{
		{`"dateReceived":"2026-01-17T10:00:00Z"`, ""},
		{`"dateMadeAvailable":"2026-01-18T10:00:00Z"`, "2026-01-18T10:00:00Z"},
		{`"dateMadeAvailable":"2026-01-18T10:00:00Z","additionalNcmecInformation":{"dateTimeProcessed":"2026-01-18T12:00:00+01:00"}`, "2026-01-18T11:00:00Z"},
		{`"dateMadeAvailable":"2026-01-18T10:00:00Z","additionalNcmecInformation":{"dateTimeProcessed":"2026-01-18T09:00:00Z"},
			"lawEnforcementContactInformation":{"lawEnforcementContacts":[{"dateTimeMadeAvailable":"2026-02-01T10:00:00Z"},{"dateTimeMadeAvailable":"2026-01-19T10:00:00Z"}]}`, "2026-02-01T10:00:00Z"},
		{`"dateMadeAvailable":"soon"`, ""},
	} {
		got := ""
		if at := deliveredDraft(t, tt.members).Revision.At; !at.IsZero() {
			got = at.Format(time.RFC3339)
		}
		if got != tt.want {
			t.Errorf("%s: revision of %q, want %q", tt.members, got, tt.want)
		}
	}
}

func TestInformational(t *testing.T) {
	t.Parallel()
	contacts := func(types ...string) string {
		var cs []map[string]string
		for _, s := range types {
			cs = append(cs, map[string]string{"agency": "A", "referralType": s})
		}
		b, _ := json.Marshal(cs)
		return `"lawEnforcementContactInformation":{"lawEnforcementContacts":` + string(b) + `}`
	}
	for _, tt := range []struct {
		members string
		want    referral.Tri
	}{
		{`"informational":true`, referral.True},
		{`"informational":"false"`, referral.False},
		{`"informational":null`, referral.Unknown},
		{contacts("Informational"), referral.True},
		{contacts("INFORMATIONAL", "Referral"), referral.False},
		{contacts("NCMEC_ANALYST"), referral.Unknown},
		{`"informational":true,` + contacts("Referral"), referral.True},
	} {
		if got := deliveredDraft(t, tt.members).Informational; got != tt.want {
			t.Errorf("%s: informational %v, want %v", tt.members, got, tt.want)
		}
	}
}

func TestIncidents(t *testing.T) {
	t.Parallel()
	d := deliveredDraft(t, `"reportedInformation":{"incidentSummary":{"incidentType":"Child Sex Tourism","additionalIncidentTypes":["Child Sex Trafficking",null,"Child Sex Tourism",{"value":"New"}]}},
		"additionalNcmecInformation":{"ncmecClassification":"Child Sexual Molestation"}`)
	want := []referral.Incident{{Wire: "Child Sex Tourism", Kind: referral.Travel}, {Wire: "Child Sex Trafficking", Kind: referral.Trafficking},
		{Wire: "New", Kind: referral.KindUnknown}, {Wire: "Child Sexual Molestation", Kind: referral.AbuseContact}}
	if diff := cmp.Diff(want, d.Incidents); diff != "" {
		t.Errorf("incidents (-want +got):\n%s", diff)
	}
}

func TestEscalationDelivered(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`null`: "", `""`: "", `false`: "", `"No"`: "", `true`: "(no reason given)", `"Yes"`: "(no reason given)", `"Synthetic"`: "Synthetic",
	} {
		if got := deliveredDraft(t, `"reportedInformation":{"incidentSummary":{"espEscalation":`+in+`}}`).Escalation; got != want {
			t.Errorf("espEscalation %s: %q, want %q", in, got, want)
		}
	}
}

func TestPriorityIsOpaque(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{`"E"`: "E", `1`: "1", `{"priorityId":"2","value":"text"}`: "2", `{"value":"text"}`: "text", `null`: ""} {
		if got := deliveredDraft(t, `"additionalNcmecInformation":{"priority":`+in+`}`).Priority; got != want {
			t.Errorf("priority %s: %q, want %q", in, got, want)
		}
	}
}

// TestDeliveredPaths checks in every form of lists that paths lead to the values.
func TestDeliveredPaths(t *testing.T) {
	t.Parallel()
	const p1 = `{"espUserId":"u1","emails":{"emails":[{"value":"a@example.org"},{"value":"a@example.org"}]},"additionalInformations":[{"value":"same"},{"value":"same"}]}`
	const p2 = `{"espUserId":"u2","emails":["a@example.org"],"displayNames":"u2","additionalInformations":"same","additonalInformations":["same"]}`
	for _, people := range []string{
		`{"reportedPersons":[` + p1 + `,` + p2 + `]}`,
		`[` + p1 + `,` + p2 + `]`,
		`[null,` + p1 + `,{},` + p2 + `,{"espUserId":""}]`,
		`[` + p1 + `,{"unknown":1},` + p2 + `]`,
		p1, p2,
	} {
		d := deliveredDraft(t, `"reportedInformation":{"reportedPeople":`+people+`,"childVictims":{"childVictims":`+p2+`}}`)
		at := map[string]string{}
		for _, f := range d.Fields {
			at[f.Path] = f.Value
		}
		for _, p := range d.Parties {
			account := ""
			for _, id := range p.Identifiers {
				if id.Kind == referral.IDAccount {
					account = strings.TrimSuffix(id.Path, "/espUserId")
				}
			}
			for _, id := range p.Identifiers {
				if at[id.Path] != id.Value || account == "" || !strings.HasPrefix(id.Path, account+"/") {
					t.Errorf("%s: %s identifier %q has the path %q (of %q), where %q stands", people, p.Role, id.Value, id.Path, account, at[id.Path])
				}
			}
		}
		seen := map[string]bool{}
		for _, x := range d.Texts {
			if at[x.Path] != x.Value || seen[x.Path] {
				t.Errorf("%s: text %q has the path %q, where %q stands", people, x.Value, x.Path, at[x.Path])
			}
			seen[x.Path] = true
		}
	}
}

func TestUploadTime(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`{"name":"upload date and time","value":"2026-01-17T10:57:00+01:00"}`: "2026-01-17T09:57:00Z",
		`{"name":"Upload Date and Time","value":"yesterday"}`:                 "",
		`{"name":"Upload Date and Time","value":"9999-12-31T23:59:59-10:00"}`: "",
		`{"name":"Creation Date","value":"2026-01-17T10:57:00Z"}`:             "",
	} {
		f := deliveredDraft(t, `"reportedInformation":{"uploadedFiles":[{"filename":"x","espMetadata":{"metadatas":[`+in+`]}}]}`).Files[0]
		got := ""
		if !f.Uploaded.IsZero() {
			got = f.Uploaded.Format(time.RFC3339)
		}
		if got != want {
			t.Errorf("%s: uploaded %q, want %q", in, got, want)
		}
	}
}
