package settings

type Credential struct {
	Name, Flow, Environment, ClientID, SiteID, EnterpriseID, PracticeID, TokenURL, AuthURL, RevokeURL, APIBase, FHIRBase, Scope, RedirectURL, CAFile, AuthMethod, KeyFile, KeyID, AssertionAudience, ClientCert, ClientKey, JWKSURL, SecretIn, Store string
}

func LoadCredentials(path string) ([]Credential, error)                     { return nil, nil }
func PutCredential(path string, c Credential, edit Edit) error              { return nil }
func DropCredential(path, name string, edit Edit) (bool, error)             { return false, nil }
